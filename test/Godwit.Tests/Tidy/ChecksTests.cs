using Godwit.Assess;

namespace Godwit.Tests.Tidy;

/// <summary>The checks of assess: each in the list, and beside its findings.</summary>
public sealed class ChecksTests
{
    private const string Folder = "src/Godwit/Assess/Checks/";

    private static readonly IReadOnlyList<SourceFile> Files =
        [.. Repository.Product.Where(file => file.Name.StartsWith(Folder, StringComparison.Ordinal))];

    [Fact]
    public void Every_check_is_in_the_list_once()
    {
        var written = from type in Assemblies.Engine.AllTypes()
                      where type.IsClass
                          && type.Interfaces.Any(one => one.InterfaceType.FullName == typeof(ICheck).FullName)
                      select type.FullName;
        var listed = Assessment.AllChecks.Select(check => check.GetType().FullName!).ToList();
        Findings.None(written.Except(listed),
            "Add it to Assessment.AllChecks: nothing runs a check that is not there.");
        Assert.Distinct(listed);
        Assert.Distinct(Assessment.AllChecks.Select(check => check.Name));
    }

    [Fact]
    public void Every_check_stands_beside_its_findings()
    {
        var checks = Stems("Check.cs");
        var findings = Stems("Findings.cs");
        Assert.NotEmpty(checks);
        Findings.None(checks.Except(findings).Select(stem => $"{stem}Check.cs has no {stem}Findings.cs beside it")
            .Concat(findings.Except(checks).Select(stem => $"{stem}Findings.cs has no {stem}Check.cs beside it")),
            $"A check and its findings are two files of one folder below {Folder}.");
    }

    [Fact]
    public void Every_check_hands_out_the_codes_that_its_findings_let_pass()
    {
        var forgotten = from file in Files
                        where file.Name.EndsWith("Findings.cs", StringComparison.Ordinal)
                            && file.Text.Contains(" Acceptable { get; }", StringComparison.Ordinal)
                        let name = Path.GetFileNameWithoutExtension(file.Name)
                        let check = file.Name.Replace("Findings.cs", "Check.cs", StringComparison.Ordinal)
                        where !Files.Single(one => one.Name == check).Text
                            .Contains($"Acceptable => {name}.Acceptable;", StringComparison.Ordinal)
                        select $"{check} does not return {name}.Acceptable";
        Findings.None(forgotten, "--accept knows what the check returns as Acceptable.");
    }

    /// <summary>A folder whose purpose nobody can tell becomes the place for everything.</summary>
    [Fact]
    public void Every_folder_of_checks_says_once_what_it_is_for()
    {
        var folders = Files.Select(file => file.Name[Folder.Length..].Split('/')).Where(parts => parts.Length > 1)
            .Select(parts => parts[0]).Distinct();
        Findings.None(folders.Where(folder => Files.Count(file =>
                file.Text.StartsWith($"// Checks.{folder}: ", StringComparison.Ordinal)) != 1),
            "One file of the folder begins with '// Checks.Folder: what its checks look at'.");
    }

    private static IReadOnlyList<string> Stems(string end) =>
        [.. Files.Where(file => file.Name.EndsWith(end, StringComparison.Ordinal))
            .Select(file => file.Name[..^end.Length])];
}
