"""The simulator keeps the laws that it lends to others."""
