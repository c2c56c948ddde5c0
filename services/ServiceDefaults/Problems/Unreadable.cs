using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// What could not be read, in the words of the API. The framework's own name the types of the program, which callers do not
/// know, and not what would be right.
/// </summary>
internal static partial class Unreadable
{
    /// <param name="endpoint">What was called; null: nobody knows any more.</param>
    /// <param name="json">How bodies are read.</param>
    public static string WhatAndWhere(BadHttpRequestException unreadable, Endpoint? endpoint, JsonSerializerOptions json) =>
        unreadable.InnerException is JsonException body
            ? OfBody(body, endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, json)
            : OfParameter(unreadable.Message, endpoint);

    private static string OfBody(JsonException unreadable, Type? body, JsonSerializerOptions json)
    {
        var (path, message) = (unreadable.Path ?? "$", unreadable.Message);
        if (message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return $"{path} is {Words(At(path, body, json))}.";
        if (NoSuchMember().Match(message) is { Success: true } unknown)
            return $"{path}: there is no member '{unknown.Groups["name"].Value}' here; there are {Members(path, body, json)}.";
        if (message.StartsWith("Duplicate property", StringComparison.Ordinal))
            return $"{path} is said twice.";
        if (message.Contains("doesn't allow", StringComparison.Ordinal) && message.Contains("null", StringComparison.Ordinal))
            return $"{path} is not null.";
        return message.Contains($"Path: {path}", StringComparison.Ordinal) ? message : $"{message} Path: {path}.";
    }

    private static string OfParameter(string message, Endpoint? endpoint)
    {
        if (NotBound().Match(message) is { Success: true } wrong)
            return $"The parameter '{wrong.Groups["name"].Value}' is {Words(Of(endpoint, wrong))}, not '{wrong.Groups["value"].Value}'.";
        if (NotProvided().Match(message) is { Success: true } missing)
            return $"The parameter '{missing.Groups["name"].Value}' is required: {Words(Of(endpoint, missing))}.";
        return message.StartsWith("Implicit body", StringComparison.Ordinal) ? "A body is required: JSON." : message;
    }

    private static Type? Of(Endpoint? endpoint, Match parameter) => endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
        .FirstOrDefault(bound => bound.Name == parameter.Groups["name"].Value)?.ParameterInfo.ParameterType;

    /// <summary>What the body has at a path. The serializer tells the path, and of types only that of the whole.</summary>
    private static Type? At(string path, Type? body, JsonSerializerOptions json)
    {
        foreach (Match step in Steps().Matches(path))
        {
            if (body is null)
                return null;
            var whole = json.GetTypeInfo(body);
            body = step.Groups["name"] is { Success: true, Value: var name }
                ? whole.Kind == JsonTypeInfoKind.Dictionary ? whole.ElementType : whole.Properties.FirstOrDefault(property => property.Name == name)?.PropertyType
                : whole.ElementType;
        }
        return body;
    }

    /// <summary>What stands beside the last step of a path.</summary>
    private static string Members(string path, Type? body, JsonSerializerOptions json) =>
        path.LastIndexOf('.') is var last and > 0 && At(path[..last], body, json) is { } whole
            ? string.Join(", ", json.GetTypeInfo(whole).Properties.Select(member => member.Name))
            : "others";

    private static string Words(Type? type)
    {
        var plain = type is null ? typeof(object) : Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))}",
            _ when plain == typeof(long) || plain == typeof(int) => "a whole number",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(string) => "text",
            _ when plain == typeof(Guid) => "a UUID, such as 0199d1c4-6f3c-7a51-8f0e-2f4c1b7d9e10",
            _ when plain == typeof(DateOnly) => "a date, such as 2026-03-04",
            _ when plain == typeof(TimeOnly) => "a time of day, such as 09:30:00",
            _ when plain == typeof(DateTimeOffset) => "a time with its offset, such as 2026-03-04T09:30:00+08:00",
            _ when plain.IsArray || typeof(System.Collections.IEnumerable).IsAssignableFrom(plain) => "a list",
            _ => "an object",
        };
    }

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<name>[^']*)'\]|\[\d+\]", RegexOptions.NonBacktracking)]
    private static partial Regex Steps();

    [GeneratedRegex("^The JSON property '(?<name>.*)' could not be mapped to any .NET member", RegexOptions.NonBacktracking)]
    private static partial Regex NoSuchMember();

    [GeneratedRegex("^Failed to bind parameter \".* (?<name>\\w+)\" from \"(?<value>.*)\"\\.$", RegexOptions.NonBacktracking)]
    private static partial Regex NotBound();

    [GeneratedRegex("^Required parameter \".* (?<name>\\w+)\" was not provided", RegexOptions.NonBacktracking)]
    private static partial Regex NotProvided();
}
