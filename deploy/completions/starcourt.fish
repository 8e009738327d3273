# The program itself knows its commands, shows and channels.
STARCOURT_COMPLETE=fish starcourt | source
