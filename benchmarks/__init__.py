"""What `make bench` measures: the build, every named query, search, and the dashboard in a browser.

Each figure stands beside what it is compared with, taken in the same run, and beside its limit: a build
from nothing and one with nothing to do; each query in the embedded store and in rdflib; each page of the
dashboard and a bare Streamlit page with the same widgets. A limit missed ends the run with exit code 1.
"""
