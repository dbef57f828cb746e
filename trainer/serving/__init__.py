"""What every page of Pijat is served with: its address, its guard, its server."""
