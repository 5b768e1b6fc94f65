"""What staff may do, written once for the command line and whatever else they use; each change is in the audit log."""
