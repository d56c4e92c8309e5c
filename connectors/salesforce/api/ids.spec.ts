import { fullId } from './ids.js';

describe('record ids', () => {
  it('completes fifteen characters by their checksum', () => {
    expect(fullId('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
  });

  it('takes eighteen characters whose checksum is right, and nothing else', () => {
    expect(fullId('001D000000IqhSLIAZ')).toBe('001D000000IqhSLIAZ');
    for (const wrong of ['001D000000IqhSLIAA', '', 'x', '001D000000IqhSL!', '001D000000IqhSLI'])
      expect(fullId(wrong)).toBeUndefined();
  });
});
