using System.Text;
using System.Text.RegularExpressions;
using Godwit.Assess;
using Godwit.Faults;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Godwit.Tests.Tidy;

/// <summary>What assessment finds, by its code: in one form, in one place, and on one page.</summary>
public sealed partial class FindingsTests
{
    private const string Page = "docs/findings.md";

    private static readonly (Severity Severity, string Meaning)[] Severities =
    [
        (Severity.Blocker,
            "The move would fail, or something would be lost. A run stops; `godwit assess` ends with exit code 1."),
        (Severity.Warning, "The move works, and something is different afterwards."),
        (Severity.Note, "Worth knowing."),
    ];

    internal static IReadOnlyList<FaultText> All { get; } =
        [.. Repository.Product.Where(file => file.Name.EndsWith("Findings.cs", StringComparison.Ordinal))
            .SelectMany(file => FaultSource.OfFindings.Read(file.Name, file.Text))];

    [Fact]
    public void Every_code_is_the_room_and_a_subject() =>
        Findings.None(
            All.Where(finding => !Code().IsMatch(finding.Code)).Select(finding => $"{finding.File}: {finding.Code}"),
            "Lower case and underscores: assess.subject.");

    [Fact]
    public void No_code_means_two_things()
    {
        var twice = from code in All.Select(finding => finding.Code).Concat(FaultsTests.All.Select(fault => fault.Code))
                    group code by code into same
                    where same.Count() > 1
                    select same.Key;
        Findings.None(twice,
            "Give each its own code, findings and faults alike: --accept, scripts and the pages go by it.");
    }

    [Fact]
    public void What_and_why_are_clauses_and_the_remedy_is_whole_sentences()
    {
        var wrong = from finding in All
                    let problem = finding.What.EndsWith('.') || finding.Why.EndsWith('.')
                        ? "what or why ends with a full stop"
                        : finding.Remedy.TrimEnd().Length == 0 && finding.Kind != nameof(Severity.Note)
                        ? "the remedy is empty"
                        : finding.Remedy.TrimEnd().Length > 0 && !FaultsTests.Ended().IsMatch(finding.Remedy.TrimEnd())
                        ? "the remedy does not end its sentence" : null
                    where problem is not null
                    select $"{finding.File}, {finding.Method}: {problem}";
        Findings.None(wrong, "Three sentences: '<What>: <why>. <Remedy.>' Only a note may have nothing to do.");
    }

    [Fact]
    public void Findings_are_made_in_Findings_classes_and_nowhere_else()
    {
        var made = (from module in Assemblies.Product
                    from type in module.AllTypes()
                    where !type.IsGenerated()
                        && type.Outermost().Namespace.StartsWith("Godwit.Assess", StringComparison.Ordinal)
                    from instruction in type.Instructions()
                    where instruction.OpCode == OpCodes.Newobj
                        && instruction.Operand
                            is MethodReference { Name: ".ctor", DeclaringType.FullName: "Godwit.Faults.Finding" }
                    select type.Outermost().FullName).ToList();
        Findings.None(made.Where(name => !name.EndsWith("Findings", StringComparison.Ordinal)).Distinct(),
            "Move it into a static class XxxFindings in XxxFindings.cs.");
        Assert.Equal(All.Count, made.Count);
    }

    /// <summary>A mistyped code, or one of a warning, would be taken for a promise.</summary>
    [Fact]
    public void Only_blockers_can_be_accepted()
    {
        Assert.NotEmpty(Assessment.Acceptable);
        Findings.None(Assessment.Acceptable.Except(All.Where(finding => finding.Kind == nameof(Severity.Blocker))
            .Select(finding => finding.Code)),
            "The Acceptable list of a Findings class names blockers, as they are spelled.");
    }

    /// <summary>That one test provokes it and another does not, only a reader can see; that there is none at all, this
    /// sees.</summary>
    [Fact]
    public void Every_finding_is_provoked_by_a_test()
    {
        var tests = Repository.CSharp
            .Where(file => file.Name.StartsWith("test/Godwit.EndToEnd/", StringComparison.Ordinal)).ToList();
        Findings.None(All.Select(finding => finding.Code)
            .Where(code => !tests.Exists(test => test.Text.Contains($"\"{code}\"", StringComparison.Ordinal))),
            "Write one that provokes it on a real server, and one that does not (test/Godwit.EndToEnd/Assess).");
    }

    [Fact]
    public void The_page_of_findings_is_what_the_source_says() =>
        Golden.CheckFile(Path.Combine(Repository.Root, Page), Render());

    [Fact]
    public void The_page_explains_every_severity() =>
        Assert.Equal(Enum.GetValues<Severity>(), Severities.Select(severity => severity.Severity));

    private static string Render()
    {
        var page = new StringBuilder("""
            # Findings

            Everything `godwit assess` can find, by its code.
            This page is generated from the source by the tests (`./check golden`): do not edit it.

            `<…>` stands for what is filled in when it is found; two texts with ` / ` between them are alternatives.
            A fault of a store or of this machine (docs/faults.md)
            can be found as well, under its own code.

            | Severity | Meaning |
            |---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var (severity, meaning) in Severities)
            page.Append($"| {severity.Word()} | {meaning} |\n");
        foreach (var severity in All.GroupBy(finding => Enum.Parse<Severity>(finding.Kind))
            .OrderBy(severity => severity.Key))
        {
            page.Append($"\n## {severity.Key}s\n");
            foreach (var finding in severity.OrderBy(finding => finding.Code, StringComparer.Ordinal))
                Append(page, finding);
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, FaultText finding) => page.Append($"""

        ### {finding.Code}

        **{FaultsPageTests.Shown(finding.What)}**: {FaultsPageTests.Shown(finding.Why)}.{(
            finding.Remedy.Length > 0 ? "\n\n" + FaultsPageTests.Shown(finding.Remedy) : "")}
        {(Assessment.Acceptable.Contains(finding.Code) ? $"\nYou can override this with `--accept {finding.Code}`.\n"
            : finding.Kind == nameof(Severity.Blocker) ? "\nThis cannot be overridden.\n" : "")}
        """.ReplaceLineEndings("\n"));

    [GeneratedRegex("^assess[.][a-z][a-z_0-9]*$")]
    private static partial Regex Code();
}
