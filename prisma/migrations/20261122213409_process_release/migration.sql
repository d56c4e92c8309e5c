-- AlterTable
ALTER TABLE "worker_process" ADD COLUMN     "release" TEXT NOT NULL DEFAULT '';
