using System.Text;
using Godwit.App.Cli;
using Godwit.Faults;

namespace Godwit.Tests.Tidy;

public sealed class FaultsPageTests
{
    private const string Page = "docs/faults.md";

    /// <summary>Kinds in the order of <c>FaultKind</c>, with what they mean to somebody who reads the page.</summary>
    private static readonly (FaultKind Kind, string Meaning)[] Kinds =
    [
        (FaultKind.Usage, "The command line, a URL or a file is wrong. Nothing was started."),
        (FaultKind.Refused, "Something is not as it must be. The same again will not help; the remedy says what will."),
        (FaultKind.Transient, "A passing failure, after Godwit had tried several times. The same again may help."),
        (FaultKind.Broken, "Something that should have worked did not. A person has to look."),
    ];

    [Fact]
    public void The_page_of_faults_is_what_the_source_says() =>
        Golden.CheckFile(Path.Combine(Repository.Root, Page), Render(FaultsTests.All));

    [Fact]
    public void The_page_explains_every_kind() =>
        Assert.Equal(Enum.GetValues<FaultKind>(), Kinds.Select(kind => kind.Kind));

    private static string Render(IReadOnlyList<FaultText> faults)
    {
        var page = new StringBuilder("""
            # Faults

            Every error Godwit stops with, by its code.
            This page is generated from the source by the tests (`./check golden`): do not edit it.

            `<…>` stands for what is filled in when it happens; two texts with ` / ` between them are alternatives.
            The kind decides the exit code of a command
            that had changed nothing yet. When a run had changed something,
            it is 3 if everything was put back and 4 if not, whatever the kind.

            | Kind | Exit code | Meaning |
            |---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var (kind, meaning) in Kinds)
            page.Append($"| {kind} | {ExitCodes.Of(kind)} | {meaning} |\n");
        foreach (var room in faults.GroupBy(fault => fault.Code.Split('.')[0])
            .OrderBy(room => room.Key, StringComparer.Ordinal))
        {
            page.Append($"\n## {room.Key}\n");
            foreach (var fault in room.OrderBy(fault => fault.Code, StringComparer.Ordinal))
                Append(page, fault);
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, FaultText fault)
    {
        var exitCode = ExitCodes.Of(Enum.Parse<FaultKind>(fault.Kind));
        page.Append($"""

            ### {fault.Code}

            {fault.Kind}, exit code {exitCode}. **{Shown(fault.What)}**: {Shown(fault.Why)}.

            {Shown(fault.Remedy)}

            """.ReplaceLineEndings("\n"));
    }

    /// <summary>A placeholder would be taken for an HTML tag, and a path with stars for emphasis.</summary>
    internal static string Shown(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal);
}
