"""Ends with 0 when /healthz/ of the portal at ADDRESS says that pages can be served: healthy.py 127.0.0.1:8000

It asks as a browser would, by the first name of ALLOWED_HOSTS.
"""

import os
import sys
import urllib.error
import urllib.request

host = os.environ["ALLOWED_HOSTS"].split(",")[0].lstrip(".").replace("*", "localhost")
address = sys.argv[1].replace("0.0.0.0", "127.0.0.1")
request = urllib.request.Request(f"http://{address}/healthz/", headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=5) as answer:
        sys.exit(answer.status != 200)
except urllib.error.HTTPError as refusal:
    sys.exit(refusal.read().decode(errors="replace"))
except OSError as error:
    sys.exit(str(error))
