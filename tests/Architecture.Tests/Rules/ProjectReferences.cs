using System.Xml.Linq;

namespace CarbonMarket.Architecture.Rules;

/// <summary>Services meet over contracts: none is built on another, and the two bottom projects are built on nothing.</summary>
public sealed class ProjectReferences
{
    private static readonly string[] OnNothing = ["Kernel", "CarbonMarket.Contracts"];

    [Fact]
    public void No_project_is_built_on_a_service() => Violations(Sources.Projects).ShouldBeEmpty();

    [Theory]
    [InlineData("Kernel")]
    [InlineData("CarbonMarket.Contracts")]
    public void Projects_that_stand_on_nothing_exist(string name) =>
        Sources.Projects.ShouldContain(project => string.Equals(project.Name, name, StringComparison.Ordinal));

    [Theory]
    [InlineData("CarbonMarket.Kernel")]
    [InlineData("CarbonMarket.Contracts")]
    public void What_stands_on_nothing_uses_the_base_library_alone(string assembly) =>
        BeyondTheBaseLibrary(Code.Named(assembly).MainModule.AssemblyReferences.Select(reference => reference.Name)).ShouldBeEmpty();

    [Fact]
    public void A_service_built_on_another_is_reported() =>
        Violations([Project("services/Trading/Trading.csproj", "<ProjectReference Include=\"../Settlement/Settlement.csproj\" />")])
            .ShouldBe(["services/Trading/Trading.csproj is built on the service Settlement"]);

    [Fact]
    public void A_client_built_on_a_service_is_reported() =>
        Violations([Project("deploy/local/MainJob/MainJob.csproj", "<ProjectReference Include=\"..\\..\\..\\services\\Trading\\Trading.csproj\" />")])
            .ShouldBe(["deploy/local/MainJob/MainJob.csproj is built on the service Trading"]);

    [Fact]
    public void A_kernel_with_a_package_and_contracts_with_a_project_are_reported()
    {
        Violations([Project("services/Kernel/Kernel.csproj", "<PackageReference Include=\"Npgsql\" />")]).ShouldHaveSingleItem();
        Violations([Project("contracts/CarbonMarket.Contracts/CarbonMarket.Contracts.csproj",
            "<ProjectReference Include=\"../../services/Kernel/Kernel.csproj\" />")]).ShouldHaveSingleItem();
    }

    [Fact]
    public void This_test_program_stands_on_more_than_the_base_library() =>
        BeyondTheBaseLibrary(Code.Tests.MainModule.AssemblyReferences.Select(reference => reference.Name)).ShouldContain("Shouldly");

    private static IEnumerable<string> Violations(IEnumerable<SourceFile> projects)
    {
        foreach (var project in projects.Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal)))
        {
            var references = Includes(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).ToList();
            foreach (var service in references.Intersect(Code.Services, StringComparer.Ordinal))
                yield return $"{project.Path} is built on the service {service}";
            if (OnNothing.Contains(project.Name, StringComparer.Ordinal))
                foreach (var reference in references.Concat(Includes(project, "PackageReference")))
                    yield return $"{project.Path} is built on {reference}";
        }
    }

    private static IEnumerable<string> BeyondTheBaseLibrary(IEnumerable<string> references) =>
        references.Where(name => name is not "netstandard" && !name.StartsWith("System.", StringComparison.Ordinal));

    private static IEnumerable<string> Includes(SourceFile project, string element) =>
        XDocument.Parse(project.Text).Descendants(element).Select(reference => reference.Attribute("Include")!.Value);

    private static SourceFile Project(string path, string item) => new(path, $"<Project><ItemGroup>{item}</ItemGroup></Project>");
}
