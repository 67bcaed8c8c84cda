"""Training of the press tagger: prepare, train, distil, export, evaluate. Nothing at run time imports it."""
