"""DigitalOcean API: the only package that knows its wire format."""
