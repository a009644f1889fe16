"""Cases made, checked and built.

``drafts`` draws up the tables of a state from what the shared ones hold, ``invented`` those
of a state that there is not; ``making`` seals and writes either; ``several`` finds the
cases of the repository.  For another state's book ``fragments`` puts other words in the
place of the marked cells, ``running`` runs the chapters and finds what the case cannot
fill, ``pruning`` takes out what speaks of that, ``composing`` writes the book and
``building`` builds it; ``examining`` says what is doubtful in a case and what of the book
it can run.
"""

from .drafts import Draft, drafted
from .invented import invented
from .making import written
from .several import another, folders
