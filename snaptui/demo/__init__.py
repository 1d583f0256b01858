"""Demo server: a faithful copy of DigitalOcean's API on a loopback port, for --demo and for the tests."""
