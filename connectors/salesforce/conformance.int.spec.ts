import { describeConformance } from '../../src/sdk/conformance/index.js';
import target from './conformance.js';

describeConformance(target);
