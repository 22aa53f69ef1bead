"""The API of estimates: `estimates` are visits ahead and what they cost, `usual` what reasons usually come to."""
