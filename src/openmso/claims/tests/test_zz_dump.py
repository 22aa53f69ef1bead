from openmso.claims.tests.test_screens import rockland, priya, now
from openmso.claims.testing import Line, claim_at
from openmso.claims.states import S
import pytest
pytestmark = pytest.mark.django_db
def test_dump(rockland, priya, now):
    from openmso.patients.testing import person
    for i,(st,names) in enumerate([(S.HELD,("Okafor","Daniel")),(S.READY,("Holt","Maren")),(S.REJECTED,("Reyes","Ida")),(S.PARTIAL,("Stone","Ravi")),(S.READY,("Ng","Lily"))]):
        c = claim_at(st, rockland, at=now, lines=[Line("99214","210.00",("25",)),Line("20610"),Line("36415"),Line("93000")] if st is S.PARTIAL else [Line("99213")], who=person(*names))
        if st is S.PARTIAL: story=c
        if st is S.HELD: held=c
    def dump(name, html):
        html=html.decode().replace('/static/','file:///work/main/src/openmso/platform/ui/static/')
        open(f'/tmp/shots-claims/{name}.html','w').write(html)
    dump('worklist', priya.get('/claims/?q=is:held is:rejected is:ready is:partial').content)
    dump('story', priya.get(f'/claims/{story.public_id}/').content)
    dump('held', priya.get(f'/claims/{held.public_id}/').content)
