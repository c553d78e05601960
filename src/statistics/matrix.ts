import { at } from './series.ts'

/** Dense, by rows. */
export type Matrix = { rows: number; columns: number; values: Float64Array }

export function matrixOf(
  rows: number,
  columns: number,
  value: (row: number, column: number) => number,
): Matrix {
  const values = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = value(row, column)
  }
  return { rows, columns, values }
}

export const entry = ({ columns, values }: Matrix, row: number, column: number): number =>
  at(values, row * columns + column)

/** left' · right: rows of both are read in the order in which they lie. */
export function crossed(left: Matrix, right: Matrix): Matrix {
  const product = new Float64Array(left.columns * right.columns)
  for (let row = 0; row < left.rows; row++) {
    for (let i = 0; i < left.columns; i++) {
      const factor = left.values[row * left.columns + i] as number
      if (factor === 0) continue
      const [to, from] = [i * right.columns, row * right.columns]
      for (let j = 0; j < right.columns; j++) {
        product[to + j] = (product[to + j] as number) + factor * (right.values[from + j] as number)
      }
    }
  }
  return { rows: left.columns, columns: right.columns, values: product }
}

export function squaresOf({ values }: Matrix): number {
  let total = 0
  for (const value of values) total += value * value
  return total
}

/** L of L · L' (Cholesky); throws where the matrix is not positive definite. */
export function lowerRoot({ rows: size, values }: Matrix): Matrix {
  const root = new Float64Array(size * size)
  const left = (i: number, j: number) => {
    let rest = values[i * size + j] as number
    for (let k = 0; k < j; k++)
      rest -= (root[i * size + k] as number) * (root[j * size + k] as number)
    return rest
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) root[i * size + j] = left(i, j) / (root[j * size + j] as number)
    const own = left(i, i)
    if (!(own > 0)) throw new RangeError('The matrix is not positive definite.')
    root[i * size + i] = Math.sqrt(own)
  }
  return { rows: size, columns: size, values: root }
}

/** Of a symmetric positive definite matrix, by its Cholesky root: (L⁻¹)' · L⁻¹. */
export function inverse(matrix: Matrix): Matrix {
  const { rows: size, values: lower } = lowerInverse(lowerRoot(matrix))
  const values = new Float64Array(size * size)
  for (let k = 0; k < size; k++) {
    for (let i = 0; i <= k; i++) addMultiple(values, i * size, lower, k * size, i)
  }
  return matrixOf(size, size, (row, column) =>
    at(values, row >= column ? row * size + column : column * size + row),
  )

  /** The first entries of the row of `from`, times the one at `i`. */
  function addMultiple(
    to: Float64Array,
    start: number,
    from: Float64Array,
    row: number,
    i: number,
  ) {
    const factor = from[row + i] as number
    for (let j = 0; j <= i; j++) {
      to[start + j] = (to[start + j] as number) + factor * (from[row + j] as number)
    }
  }
}

/** L⁻¹ of a lower triangle. */
function lowerInverse({ rows: size, values: root }: Matrix): Matrix {
  const values = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    const own = root[i * size + i] as number
    for (let k = 0; k < i; k++) {
      const factor = (root[i * size + k] as number) / own
      for (let j = 0; j <= k; j++) {
        values[i * size + j] =
          (values[i * size + j] as number) - factor * (values[k * size + j] as number)
      }
    }
    values[i * size + i] = 1 / own
  }
  return { rows: size, columns: size, values }
}
