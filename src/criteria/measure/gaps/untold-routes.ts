// Routes of which too little is known: there are as many answers that nobody can tell of as others, or more. What is known of other
// routes speaks for none of these.

export function untoldRoutes<Cell extends { route: string }>(
  cells: readonly Cell[],
  told: (cell: Cell) => number,
  untold: (cell: Cell) => number,
): string[] {
  const routes = [...new Set(cells.map(({ route }) => route))]
  const sum = (route: string, of: (cell: Cell) => number): number =>
    cells.reduce((total, cell) => (cell.route === route ? total + of(cell) : total), 0)
  return routes.filter((route) => sum(route, untold) >= Math.max(1, sum(route, told)))
}
