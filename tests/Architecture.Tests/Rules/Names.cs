using CarbonMarket.Architecture.Violations;

namespace CarbonMarket.Architecture.Rules;

/// <summary>A name says what a thing is in the market. These say only that nobody knew where else to put it.</summary>
public sealed class Names
{
    private static readonly string[] Empty = ["Common", "Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Managers", "Shared", "Misc"];

    [Fact]
    public void No_folder_is_a_dumping_ground() => EmptyNames(Sources.Folders().Select(path => Path.GetFileName(path))).ShouldBeEmpty();

    [Fact]
    public void No_type_has_an_empty_name() => EmptyTypes(Code.ShippedTypes).ShouldBeEmpty();

    [Fact]
    public void A_helper_and_a_manager_are_reported()
    {
        EmptyTypes(Code.Violator(typeof(TradeHelper))).ShouldHaveSingleItem();
        EmptyTypes(Code.Violator(typeof(AccountManager))).ShouldHaveSingleItem();
        EmptyNames(["Ledger", "common", "Holdings", "Utils"]).ShouldBe(["common", "Utils"]);
    }

    private static IEnumerable<string> EmptyNames(IEnumerable<string> names) =>
        names.Where(name => Empty.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> EmptyTypes(IEnumerable<CodeType> types) =>
        types.SelectMany(type => CodeType.Parts(type.Definition))
            .Where(type => Empty.Any(word => type.Name.Split('`')[0].EndsWith(word, StringComparison.Ordinal)))
            .Select(CodeType.FullName);
}
