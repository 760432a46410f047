"""Acts that wait for their second person: proposed on their own page, confirmed, refused or withdrawn on this one's.

    first person   the act's page (`ActPage.second`) → propose(): what was typed, what will change, a digest of both
    second person  /pending/<slug>/ → sees the same page worked out anew, proves who it is, sends the digest back
    the act        runs in the transaction that confirms it, as the first person with the second beside it

What waits is no act yet and stops no clock; it lapses at its day, or when its page no longer offers it.
"""
