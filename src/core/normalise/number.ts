/** Digits, with at most one point, and no zeros that say nothing: `1,234.50` and `1234.5` meet. */
export function numberKey(text: string): string {
  const plain = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(text) ? text.replaceAll(',', '') : text;
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i.exec(plain);
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts ?? [];
  if (parts === null || whole + fraction === '') return text;
  const significant = (whole + fraction).replace(/^0+/, '');
  const digits = significant.replace(/0+$/, '');
  if (digits === '') return '0';
  const exponent = Number(power) - fraction.length + (significant.length - digits.length);
  return `${sign === '-' ? '-' : ''}${written(digits, exponent)}`;
}

function written(digits: string, exponent: number): string {
  if (exponent > 40 || exponent < -40) return `${digits}e${String(exponent)}`;
  if (exponent >= 0) return digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}
