using System.Globalization;
using System.Text.RegularExpressions;
using Godwit.Copy.Rows;
using Godwit.Tests.Tidy;

namespace Godwit.Tests.Copy;

/// <summary>No type goes in binary that BinaryAttackTests does not try.</summary>
public sealed partial class BinaryTypesTests
{
    [Fact]
    public void The_types_in_binary_are_those_that_the_attack_tries()
    {
        var tried = File.ReadLines(Path.Combine(Repository.Root, "test", "Godwit.EndToEnd", "Copy",
            "binary-values.sql"))
            .Select(line => Head().Match(line)).Where(head => head.Success)
            .Select(head => uint.Parse(head.Groups["oid"].Value, CultureInfo.InvariantCulture)).Distinct();

        Assert.Equal(BinaryTypes.Safe.Order(), tried.Order());
    }

    [GeneratedRegex("^-- (?<oid>[0-9]+) (?!.* as text$)", RegexOptions.CultureInvariant)]
    private static partial Regex Head();
}
