// Copied beside the libraries when all are there: what it imports is found where it lies.
export const load = (name) => import(name)
