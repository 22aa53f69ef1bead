"""The scope matrix: tasks of each service line, who does, decides, approves and is told, how many and how well.

Pure but for the house's catalogue, which is a file beside this one. The tasks of an agreement are a part of its terms.
"""
