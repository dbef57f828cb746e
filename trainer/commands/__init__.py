"""One module per subcommand of pijat."""
