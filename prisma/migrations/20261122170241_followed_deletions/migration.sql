-- AlterTable
ALTER TABLE "source_record" ADD COLUMN     "deletion_over" BOOLEAN NOT NULL DEFAULT false;
