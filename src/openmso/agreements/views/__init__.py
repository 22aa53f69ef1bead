"""The screens of agreements: the list, an agreement, drafts and signatures."""
