"""How one installation is put together: settings, addresses, server and command line."""
