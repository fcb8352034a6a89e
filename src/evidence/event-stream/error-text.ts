// What an answer says of its error is the gateway's own text: a class of errors needs a few words of it, and every request keeps it.
const MAX_ERROR_TEXT = 80

export const errorText = (told: string): string => told.slice(0, MAX_ERROR_TEXT)
