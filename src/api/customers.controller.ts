import { Controller } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { GoldenController } from './golden.controller.js';

@ApiTags('customers')
@ApiBearerAuth()
@Controller('api/v1/customers')
export class CustomersController extends GoldenController {
  protected readonly entity = 'customer';
}

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('api/v1/accounts')
export class AccountsController extends GoldenController {
  protected readonly entity = 'account';
}

@ApiTags('deals')
@ApiBearerAuth()
@Controller('api/v1/deals')
export class DealsController extends GoldenController {
  protected readonly entity = 'deal';
}
