"""The toolbox every app builds its pages with; it knows no app."""
