import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.js';
import { DoctorService } from './doctor.service.js';

@Module({ imports: [ConnectionsModule], providers: [DoctorService] })
export class DoctorModule {}
