-- AlterTable
ALTER TABLE "push_intent" ADD COLUMN     "at_most" INTEGER;
