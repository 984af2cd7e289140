using System.Text;
using Godwit.Extract.Cleaning;
using Godwit.Providers;
using static Godwit.Tests.Extract.Cleaning.ArchiveCleanerTests;

namespace Godwit.Tests.Extract.Cleaning;

public sealed class LeftOutFileTests
{
    [Fact]
    public void The_list_groups_by_kind_and_reason_and_what_was_rewritten_cannot_be_run()
    {
        var (head, leftOut) = Clean(
            Rules("here") with { RoleMap = RoleMap.Parse(["old=PUBLIC"], out _) },
            Object(1, "ENCODING", "ENCODING", "SET client_encoding = 'LATIN1';\n"),
            Object(2, "EVENT TRIGGER", "one\ntwo", "CREATE EVENT TRIGGER \"one\ntwo\";"),
            Object(3, "POLICY", "t p", "CREATE POLICY p ON public.t TO old USING ((a =\n DROP));\n"));

        Assert.Equal("""
            -- What the target's copy is without, and what was written otherwise than at the source.
            -- Nothing of it has to be run. What looks like a password is masked.
            SET client_encoding = 'LATIN1';


            -- policies: 1

            -- Rewritten: you mapped its roles.
            -- was: CREATE POLICY p ON public.t TO old USING ((a =
            --       DROP));
            -- is:  CREATE POLICY p ON public.t TO PUBLIC USING ((a =
            --       DROP));


            -- event triggers: 1

            -- Left out: only a superuser may make it.
            CREATE EVENT TRIGGER "one
            two";

            """.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(LeftOutFile.Render(new(head, leftOut)).Span));
    }
}
