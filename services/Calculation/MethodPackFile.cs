using System.Text.Json;

namespace CarbonMarket.Calculation;

/// <summary>A method pack as it is written. The schema has been asked before; what may be left out has its default here.</summary>
internal sealed record MethodPackFile(
    string Id, string Version, Title Title, Dictionary<string, string> Sources, List<MethodPackFile.FactorPart> Factors, List<MethodPackFile.MethodPart> Methods)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    internal sealed record FactorPart(string Id, Title Title, string Unit, FactorKind Kind, List<string>? By, List<ValuePart> Values);

    internal sealed record ValuePart(
        decimal Value, Dictionary<string, string>? Scope, int? FirstYear, int? LastYear, DateOnly? ValidFrom, DateOnly? ValidTo, string Source, string Version);

    internal sealed record MethodPart(
        string Id, Title Title, string Source, int? FirstYear, int? LastYear, Dictionary<string, List<string>>? Scope, List<InputPart> Inputs, List<StepPart> Steps);

    internal sealed record InputPart(
        string Name, Title Title, string Unit, bool Many, decimal? Lowest, decimal? Highest, Rounding? Rounding, List<string>? OrElse);

    internal sealed record StepPart(string Name, Title Title, string Unit, string Expression, Rounding? Rounding);
}
