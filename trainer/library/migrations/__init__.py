"""How a library's database comes to have its tables, one revision after the other."""
