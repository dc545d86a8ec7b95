"""Builds what is optional, where there is a compiler; pyproject.toml has the rest."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("aeiou._native", ["src/aeiou/_native.c"], optional=True)])
