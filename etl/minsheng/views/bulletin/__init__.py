"""The bulletin (通报): what it says of a frozen month, in Word and as PDF; numbers none and decides nothing."""
