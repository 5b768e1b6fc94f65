"""The resources that the fake REST API keeps."""
