# The program itself knows its commands, shows and channels.
source <(STARCOURT_COMPLETE=bash starcourt)
