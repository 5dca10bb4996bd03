using System;

namespace System.Diagnostics.CodeAnalysis
{
    /// <summary>
    /// What may be null. A compiler that checks for null (C# 8 and later, with nullable enabled) reads it by this name, and
    /// older ones, which the sources are for as well, do not mind it.
    /// </summary>
    [AttributeUsage(
        AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
    internal sealed class MaybeNullAttribute : Attribute
    {
    }
}
