"""Made-up patients, and documents that break what can be broken; nobody in here exists."""
