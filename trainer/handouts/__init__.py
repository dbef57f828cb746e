"""What people take away on paper: feedback and certificate, group report, blank daftar tilik, tables."""
