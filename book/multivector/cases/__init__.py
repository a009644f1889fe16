"""Cases made, checked and built.

``drafts`` draws up the tables of a state from what the shared ones hold, ``invented`` those
of a state that there is not; ``making`` seals and writes either; ``examining`` says what is
doubtful in a case and what of the book it can run; ``building`` builds the book on it.
"""

from .drafts import Draft, drafted
from .invented import invented
from .making import written
from .several import another, folders
