"""Identity across articles: which names mean the same person, organisation, place or thing."""
