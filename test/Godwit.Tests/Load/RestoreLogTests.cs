using Godwit.Load;

namespace Godwit.Tests.Load;

public sealed class RestoreLogTests
{
    [Fact]
    public void A_skipped_comment_on_an_extension_leaves_nothing_missing() =>
        Assert.Equal(["citext", "uuid-ossp"], new RestoreLog(
        [
            "pg_restore: while PROCESSING TOC:",
            "pg_restore: from TOC entry 4211; 0 0 COMMENT EXTENSION citext ",
            "pg_restore: error: could not execute query: ERROR:  must be owner of extension citext",
            "Command was: COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';",
            "pg_restore: from TOC entry 4212; 0 0 COMMENT EXTENSION \"uuid-ossp\" ",
            "pg_restore: error: could not execute query: ERROR:  must be owner of extension uuid-ossp",
        ]).ExtensionComments);

    [Theory]
    [InlineData("pg_restore: from TOC entry 12; 1259 1 TABLE public orders owner",
        "pg_restore: error: could not execute query: ERROR:  must be owner of extension citext")]
    [InlineData("pg_restore: from TOC entry 12; 0 0 COMMENT EXTENSION citext",
        "pg_restore: error: could not execute query: ERROR:  out of disk space")]
    [InlineData("pg_restore: from TOC entry 12; 0 0 COMMENT TABLE orders",
        "pg_restore: error: could not execute query: ERROR:  must be owner of table orders")]
    public void Anything_else_that_was_skipped_is_missing(string entry, string error) =>
        Assert.Empty(new RestoreLog([entry, error]).ExtensionComments);

    [Fact]
    public void An_error_without_its_entry_is_not_excused_by_the_entry_before() =>
        Assert.Single(new RestoreLog(
        [
            "pg_restore: from TOC entry 1; 0 0 COMMENT EXTENSION citext",
            "pg_restore: error: could not execute query: ERROR:  must be owner of extension citext",
            "pg_restore: error: could not execute query: ERROR:  must be owner of extension hstore",
        ]).ExtensionComments);
}
