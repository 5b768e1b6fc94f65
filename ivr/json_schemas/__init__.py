"""What editors are told of our files, so that they complete what is typed and complain of what cannot be."""
