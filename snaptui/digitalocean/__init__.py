"""Everything that knows the wire format of the DigitalOcean API."""
