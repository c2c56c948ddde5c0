using CarbonMarket.Local.Commands;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Tests.Commands;

public sealed class CleanTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("carbonmarket-clean-");

    [Theory]
    [InlineData("thesis.txt", "the only copy")]
    [InlineData("state.json", """["another program's state"]""")]
    [InlineData("state.json", """{"version":4}""")]
    public async Task A_folder_that_is_not_ours_is_left_alone_whatever_the_environment_says(string file, string content)
    {
        await File.WriteAllTextAsync(In(file), content, TestContext.Current.CancellationToken);

        (await Clean()).ShouldBe(Actions.Failed);

        directory.GetFileSystemInfos().Select(entry => entry.Name).ShouldBe([file]);
    }

    [Fact]
    public async Task A_copy_is_removed_without_the_database_of_its_original()
    {
        var database = directory.CreateSubdirectory("database of the original").FullName;
        var home = directory.CreateSubdirectory(".local").FullName;
        await new LocalState("0123abcd", "/the/original/.local", 1, database, new Dictionary<string, int>(StringComparer.Ordinal))
            .Save(Here(home), TestContext.Current.CancellationToken);

        (await Clean(home)).ShouldBe(0);

        Directory.Exists(home).ShouldBeFalse();
        Directory.Exists(database).ShouldBeTrue();
    }

    public void Dispose() => directory.Delete(recursive: true);

    private string In(string name) => Path.Combine(directory.FullName, name);

    private Task<int> Clean(string? home = null) =>
        new Actions(Here(home ?? directory.FullName)).Clean(TestContext.Current.CancellationToken);

    private static Checkout Here(string home) => Checkout.Here() with { Home = home };
}
