"""A faithful DigitalOcean on a loopback port, for --demo and for the tests."""
