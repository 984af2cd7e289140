using System.Text.Json;
using System.Text.RegularExpressions;
using Godwit.Storage;
using Godwit.Tests.Tidy;

namespace Godwit.Tests.Storage;

/// <summary>docs/stores says what the code does.</summary>
public sealed partial class S3PageTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "stores");

    [Fact]
    public void The_policy_on_the_page_allows_what_the_code_calls_and_nothing_else()
    {
        var called = from file in Repository.Product
                     where file.Name.StartsWith("src/Godwit/Storage/S3/", StringComparison.Ordinal)
                     from Match match in Permission().Matches(file.Text)
                     select match.Groups[1].Value;

        // Where they differ, it is docs/stores/s3.md that has to follow: there is a statement for each need.
        Assert.Equal(called.Distinct().Order(StringComparer.Ordinal), Actions("s3.md").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_smaller_policy_is_a_part_of_it() =>
        Assert.Subset(Actions("s3.md").ToHashSet(), Actions("upcloud.md").ToHashSet());

    [Fact]
    public void Every_service_has_a_page_with_its_address_its_variables_and_what_was_never_tried()
    {
        foreach (var service in S3Services.Named.Append(S3Services.Other))
        {
            var page = Page(service == S3Services.Other ? "other-s3.md" : service.Scheme + ".md");
            Assert.Contains($"--via {service.Scheme}://", page, StringComparison.Ordinal);
            var variables = service.KeyVariables.SelectMany(names => new[] { names.Id, names.Key })
                .Concat(service.RegionVariables).Concat(service.EndpointVariables);
            Assert.All(variables, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
            foreach (var part in
                new[] { "**Address.**", "**Keys.**", "**Permissions.**", "**Encryption.**", "**What was tried.**" })
                Assert.Contains(part, page, StringComparison.Ordinal);
            Assert.Contains($"`{service.Scheme}://", Page("README.md"), StringComparison.Ordinal);
        }
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(Folder, name));

    private static List<string> Actions(string name) =>
    [
        .. from Match block in Json().Matches(Page(name))
           from statement in JsonDocument.Parse(block.Groups[1].Value).RootElement.GetProperty("Statement")
               .EnumerateArray()
           from action in statement.GetProperty("Action").EnumerateArray()
           select action.GetString()!,
    ];

    // Calls name them as a string of their own; longer texts speak of them to people.
    [GeneratedRegex("\"(s3:[A-Za-z]+)\"")]
    private static partial Regex Permission();

    [GeneratedRegex("```json\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();
}
