"""A table of a network: ``python3 -m aeiou.viewer /net --rows 'core*' --columns system/sysUpTime``."""
