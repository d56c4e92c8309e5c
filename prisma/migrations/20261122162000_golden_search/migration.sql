-- Words that start with what was typed. An expression index: Prisma's schema has no word for it.
CREATE INDEX "golden_search_words" ON "golden" USING GIN (to_tsvector('simple', "search"));
